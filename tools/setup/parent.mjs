const POLL_MS = 500;

/**
 * npm runs us in a shell, and a SIGTERM to npm ends that shell alone: the program would stay, with nobody to stop
 * it. So when the shell is gone and no signal has come to us, we give ourselves the one that was meant for us.
 */
export function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM');
  }, POLL_MS).unref();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => clearInterval(timer));
}
