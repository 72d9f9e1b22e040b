import type { GraphBuilder } from '../graph-builder';
import type { TfNode } from '../tfjs-model';

/** Adds to the graph what does the same as a node of TensorFlow. @returns its values, in the order of the outputs */
export type Translate = (node: TfNode, graph: GraphBuilder) => readonly string[];
export type Operations = Readonly<Record<string, Translate>>;
