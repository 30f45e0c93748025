/** The shell that every POSIX system has at this place. */
export const shell = '/bin/sh';

/**
 * The script that runs every command; it is constant. `$0` is the path of setsid, `$@` the path of the program and its
 * arguments: they are data, which no shell looks into.
 *
 * `@actions/exec` hands out no process to stop, so this shell stays outside and does what needs to know one:
 *
 * - The command leads a session, and so a process group, of its own. (A child of Node is no group leader, so setsid becomes
 *   the command and keeps its process id.) Its id is the first line on standard output, and what the substitution gives.
 * - Nothing is on the command's standard input.
 * - What the shell itself has to say (`Terminated`) goes nowhere. The traps keep it alive when a terminal sends SIGINT to
 *   everybody; a command starts without them.
 * - Once the command has ended, what is left of its group is killed: it would hold the output open.
 * - The exit code is that of the command, 128 + signal number when a signal ended it.
 *
 * Tried with dash, bash and busybox.
 */
export const supervisor = `
exec 3>&1 4>&2 2>/dev/null
trap : HUP INT TERM
group=$("$0" ${shell} -c 'echo "$$"; echo "$$" >&3; exec "$@" >&3 2>&4 3>&- 4>&-' sh "$@" </dev/null)
code=$?
kill -s KILL -- "-$group"
exit "$code"
`;
