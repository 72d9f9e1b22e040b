/** Variables that a decoder child may have from its worker: where things are, how to log, which hardware to use. */
const NAMES: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'LOG_LEVEL',
  'LOG_FILE',
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);
const PREFIXES = ['LC_', 'LIBVA_', 'CUDA_', 'NVIDIA_', 'ORT_', 'OMP_'];

/**
 * The environment of a process that parses video from outside: no key and no address of a database is in it,
 * so that none is to be had there.
 */
export function childEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isAllowed = (name: string) => NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(own).filter(([name]) => isAllowed(name)));
}
