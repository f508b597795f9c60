import { shown } from "./json-path.ts";
import { missingName } from "./judge-pipes.ts";
import type { MachineFile } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";

/** Scheduling domains of one name, and processes of a domain that there is not. */
export function judgeDomains({ domains, processes }: MachineFile): readonly Finding[] {
  const names = domains.map(({ name }) => name);
  const twice = names.flatMap((name, index): readonly Finding[] => {
    const first = names.indexOf(name);
    if (first === index) return [];
    const path = ["scheduling", "domains", index, "name"];
    const what = `another name was expected, as domain ${first} is ${shown(name)} already`;
    return [{ path, at: "value", what, advice: "choose another name" }];
  });
  const unknown = processes.flatMap(({ name, domain }) =>
    domain === null || names.includes(domain)
      ? []
      : [missingName({ path: ["processes", name, "domain"], typed: domain, words: names, what: "domain" })],
  );
  return [...twice, ...unknown];
}
