/** The result of a stage that is one check. */
export function oneCheck(ok) {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The result of a stage made of several named checks; failures are printed. */
export async function eachCheck(items, check, log = console.log) {
  let failed = 0;
  for (const item of items) {
    try {
      await check(item);
    } catch (error) {
      failed += 1;
      log(String(error?.message ?? error));
    }
  }
  return { passed: items.length - failed, failed };
}
