import type { Analysis, AnalysisTools } from './analysis';
import { classificationAnalysis } from './classification/classification.analysis';
import { facesAnalysis } from './faces/faces.analysis';
import { framesAnalysis } from './frames/frames.analysis';
import { objectsAnalysis } from './objects/objects.analysis';

/** Everything that a job child can do. Nothing is loaded before it is asked for. */
export function createAnalyses(tools: AnalysisTools): Analysis[] {
  const always = [framesAnalysis, objectsAnalysis(tools), facesAnalysis(tools)];
  return tools.classifiers.length > 0 ? [...always, classificationAnalysis(tools)] : always;
}

/** Their types: what this worker says that it can do, and claims. */
export const analysisTypes = (tools: AnalysisTools): string[] =>
  createAnalyses(tools).map(({ type }) => type);
