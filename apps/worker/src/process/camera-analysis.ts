import type { Assignment, WorkerEvent } from '@camfleet/protocol';
import { fitInput, type Vision } from '@camfleet/vision';
import type { AnalysisFrame } from '../capture';
import { MotionGate, ZoneFilter } from '../pipeline';
import type { AnalysisTurns } from './analysis-turns';
import type { CameraAnalysis } from './child-camera';
import { FaceStage } from './face-stage';
import { ObjectStage } from './object-stage';
import { type AnalysisStage, FrameAnalysis } from './frame-analysis';

/** The usual shape of a camera's picture, until its own is known. */
const USUAL_SIZE = { width: 1280, height: 720 };

export interface AnalysisTools {
  /** None where there are no models. */
  vision: Vision | undefined;
  turns: AnalysisTurns<AnalysisFrame>;
  hasLease: () => boolean;
  onEvent: (event: WorkerEvent, snapshot: Buffer | undefined) => void;
  onError: (error: unknown) => void;
}

/** What a camera's settings ask for. A standby pulls and serves, but reports no events. */
export function cameraAnalysis(
  assignment: Assignment,
  { vision, turns, hasLease, onEvent, onError }: AnalysisTools,
): CameraAnalysis {
  const { analysis, desired } = assignment;
  if (!vision || desired === 'standby') return NO_ANALYSIS;
  const zones = new ZoneFilter(assignment.zones);
  const stages: AnalysisStage[] = [];
  if (analysis.faces.enabled) stages.push(new FaceStage({ assignment, vision, zones, onError }));
  if (analysis.objects.enabled) stages.push(new ObjectStage({ assignment, vision, zones, onError }));
  if (stages.length === 0) return NO_ANALYSIS;
  // Somebody who walks towards a zone is followed before they are in it.
  const isMasked = (x: number, y: number) => !zones.sees([x, y]);
  return new FrameAnalysis({
    stages,
    width: fitInput(USUAL_SIZE, vision.faceInput).width,
    gate: analysis.motionGate ? (intervalMs) => new MotionGate({ intervalMs, isMasked }) : undefined,
    turns,
    hasLease,
    onEvent,
    onError,
  });
}

/** Of a camera in which nobody looks for anything, or that runs where there are no models. */
export const NO_ANALYSIS: CameraAnalysis = {
  demand: undefined,
  onFrame: ({ frame }) => frame.release(),
  skipped: () => undefined,
  overlay: () => [],
  interrupted: () => undefined,
  close: () => Promise.resolve(),
};
