import { authorityBugs } from "./authority-bugs.ts";
import { authorityFlowBugs } from "./authority-flow-bugs.ts";
import { budgetBugs } from "./budget-bugs.ts";
import { capabilityBugs } from "./capability-bugs.ts";
import { commitBugs } from "./commit-bugs.ts";
import { domainBugs } from "./domain-bugs.ts";
import { historyBugs } from "./history-bugs.ts";
import { imageBugs } from "./image-bugs.ts";
import { kernelBugs } from "./kernel-bugs.ts";
import { pipeBugs } from "./pipe-bugs.ts";
import type { PlantedBug } from "./planted-bug.ts";
import { recordingBugs } from "./recording-bugs.ts";
import { rightsBugs } from "./rights-bugs.ts";
import { scheduleBugs } from "./schedule-bugs.ts";
import { schedulingDomainBugs } from "./scheduling-domain-bugs.ts";
import { storageBugs } from "./storage-bugs.ts";
import { takeGrantBugs } from "./take-grant-bugs.ts";
import { turnBugs } from "./turn-bugs.ts";
import { suspensionBugs } from "./suspension-bugs.ts";
import { urgentAuthorityBugs } from "./urgent-authority-bugs.ts";
import { urgentBugs } from "./urgent-bugs.ts";

/** Every bug that is planted to see that a law fails: each has one that catches it. */
export const plantedBugs: readonly PlantedBug[] = [
  ...storageBugs,
  ...kernelBugs,
  ...rightsBugs,
  ...recordingBugs,
  ...suspensionBugs,
  ...commitBugs,
  ...scheduleBugs,
  ...urgentBugs,
  ...urgentAuthorityBugs,
  ...turnBugs,
  ...pipeBugs,
  ...imageBugs,
  ...takeGrantBugs,
  ...authorityBugs,
  ...historyBugs,
  ...capabilityBugs,
  ...budgetBugs,
  ...authorityFlowBugs,
  ...domainBugs,
  ...schedulingDomainBugs,
];
