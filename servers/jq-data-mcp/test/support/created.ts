/** Arguments of manage_library that create a function. */
export const def = (definition: string, more: object = {}) => ({
  action: "create",
  function: { definition, ...more },
});

/** … a tool. */
export const tool = (name: string, program: string, more: object = {}) => ({
  action: "create",
  tool: { name, program, ...more },
});
