import { repeatUntilKnown } from "../client/settle.ts";
import type { Assignment } from "../habu/assignment.ts";
import { listBindings } from "../habu/bindings.ts";
import { bodyOrQuery } from "../habu/body-or-query.ts";
import type { MadeThing } from "../habu/make.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function assignDatasets(
  work: Work<Input>,
  made: MadeThing,
  assignments: readonly Assignment[],
  stakeholders: readonly { id: string; name: string }[],
  ourId: string | undefined,
) {
  const { habu } = work;
  const path = { cleanroomQuestionId: made.id };
  const bound = await listBindings(habu, made.id, { fresh: true });
  const owners = assignments.flatMap(({ macro, dataset }) => {
    const owner = stakeholders.find(({ name }) => name === dataset.organisationName);
    const now = bound.find((one) => one.macro === macro);
    return owner === undefined || now?.organisationId === owner.id
      ? []
      : [{ macro, organizationId: owner.id }];
  });
  if (owners.length > 0) {
    await work.step("owners", "owners of the datasets", async () => {
      await bodyOrQuery(
        () => habu.call("assignCleanroomQuestionDatasetsOwnership", { path, body: owners }),
        () =>
          habu.call("assignCleanroomQuestionDatasetsOwnership", {
            path,
            query: { AssignCleanroomQuestionDatasetRequests: JSON.stringify(owners) },
          }),
      );
      return { value: owners.length };
    });
  }
  const ours = assignments.filter(
    ({ dataset }) => stakeholders.find(({ name }) => name === dataset.organisationName)?.id === ourId,
  );
  const open = ours.filter(
    ({ macro, dataset }) => bound.find((one) => one.macro === macro)?.datasetId !== dataset.id,
  );
  if (open.length > 0) {
    await work.step("datasets", "datasets and their fields", async () => {
      const body = open.map(({ macro, dataset, fields }) => ({
        macro,
        datasetId: dataset.id,
        fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
      }));
      await repeatUntilKnown(
        () => habu.call("configureCleanroomQuestionDatasets", { path, body }),
        async () => undefined,
      );
      return { value: open.map(({ macro }) => macro) };
    });
  }
}
