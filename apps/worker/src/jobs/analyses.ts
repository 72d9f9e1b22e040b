import type { Analysis, AnalysisTools } from './analysis';
import { framesAnalysis } from './frames/frames-analysis';

/** Everything that a job child can do. Nothing is loaded before it is asked for. */
export function createAnalyses(_tools: AnalysisTools): Analysis[] {
  return [framesAnalysis];
}

/** Their types: what this worker says it can do, and claims. */
export const ANALYSIS_TYPES: readonly string[] = ['frames'];
