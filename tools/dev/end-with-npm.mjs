/**
 * Loaded before a program that `npm start` runs: ends it, as SIGTERM does, when npm was told to end. npm passes the
 * signal to the shell it runs scripts in, and that shell ends without passing it on.
 */
const shell = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === shell) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 500);
watch.unref();
