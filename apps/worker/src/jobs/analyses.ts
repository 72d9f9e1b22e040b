import type { Analysis, AnalysisTools } from './analysis';
import { facesAnalysis } from './faces/faces.analysis';
import { framesAnalysis } from './frames/frames.analysis';
import { objectsAnalysis } from './objects/objects.analysis';

/** Everything that a job child can do. Nothing is loaded before it is asked for. */
export function createAnalyses(tools: AnalysisTools): Analysis[] {
  return [framesAnalysis, objectsAnalysis(tools), facesAnalysis(tools)];
}

/** Their types: what this worker says that it can do, and claims. */
export const ANALYSIS_TYPES: readonly string[] = ['frames', 'objects', 'faces'];
