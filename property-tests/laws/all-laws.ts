import { authorityLaws } from "./authority-laws.ts";
import { budgetLaws } from "./budget-laws.ts";
import { codecLaws } from "./codec-laws.ts";
import { commitLaws } from "./commit-laws.ts";
import { confinementLaws } from "./confinement-laws.ts";
import { crashLaws } from "./crash-laws.ts";
import { dividedMachineLaws } from "./divided-machine-laws.ts";
import { domainLaws } from "./domain-laws.ts";
import { editLaws } from "./edit-laws.ts";
import { fileLaws } from "./file-laws.ts";
import { delegationLaws } from "./delegation-laws.ts";
import { isolationLaws } from "./isolation-laws.ts";
import { membraneLaws } from "./membrane-laws.ts";
import { lifeLaws } from "./life-laws.ts";
import { revocationOrderLaws } from "./revocation-order-laws.ts";
import { capabilityLaws } from "./capability-laws.ts";
import { couldLaws } from "./could-laws.ts";
import { revocationLaws } from "./revocation-laws.ts";
import { historyLaws } from "./history-laws.ts";
import { foldLaws } from "./fold-laws.ts";
import { hostLaws } from "./host-laws.ts";
import { imageLaws } from "./image-laws.ts";
import type { Law } from "./law.ts";
import { machineLaws } from "./machine-laws.ts";
import { partitionLaws } from "./partition-laws.ts";
import { pathLaws } from "./path-laws.ts";
import { pipeLaws } from "./pipe-laws.ts";
import { proofLaws } from "./proof-laws.ts";
import { rankedLaws } from "./ranked-laws.ts";
import { replayLaws } from "./replay-laws.ts";
import { rightsLaws } from "./rights-laws.ts";
import { scheduleLaws } from "./schedule-laws.ts";
import { schedulingDomainLaws } from "./scheduling-domain-laws.ts";
import { structureLaws } from "./structure-laws.ts";
import { suspensionLaws } from "./suspension-laws.ts";
import { takeGrantLaws } from "./take-grant-laws.ts";
import { turnLaws } from "./turn-laws.ts";
import { timeLaws } from "./time-laws.ts";
import { whatIfLaws } from "./what-if-laws.ts";
import { urgentAuthorityLaws } from "./urgent-authority-laws.ts";
import { urgentLaws } from "./urgent-laws.ts";
import { urgentScenarioLaws } from "./urgent-scenario-laws.ts";
import { writtenImageLaws } from "./written-image-laws.ts";

/** Every law that is held by a property of this folder. */
export const allLaws: readonly Law[] = [
  ...structureLaws,
  ...codecLaws,
  ...foldLaws,
  ...replayLaws,
  ...crashLaws,
  ...commitLaws,
  ...editLaws,
  ...fileLaws,
  ...timeLaws,
  ...pathLaws,
  ...rightsLaws,
  ...hostLaws,
  ...suspensionLaws,
  ...scheduleLaws,
  ...urgentLaws,
  ...urgentAuthorityLaws,
  ...urgentScenarioLaws,
  ...rankedLaws,
  ...imageLaws,
  ...pipeLaws,
  ...writtenImageLaws,
  ...turnLaws,
  ...machineLaws,
  ...authorityLaws,
  ...historyLaws,
  ...whatIfLaws,
  ...proofLaws,
  ...takeGrantLaws,
  ...confinementLaws,
  ...capabilityLaws,
  ...revocationLaws,
  ...revocationOrderLaws,
  ...lifeLaws,
  ...budgetLaws,
  ...isolationLaws,
  ...partitionLaws,
  ...schedulingDomainLaws,
  ...dividedMachineLaws,
  ...delegationLaws,
  ...membraneLaws,
  ...couldLaws,
  ...domainLaws,
];
