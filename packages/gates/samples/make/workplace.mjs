// Where one tool is installed, runs over a small project, and has its reports taken without a trace of this machine.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { anonymise } from './anonymise.mjs';

/**
 * Installs a tool, lets it make its reports, and tells their names.
 * @param directory - for the installed tools and the project, absolute
 * @param samples - the folder that takes the reports
 */
export async function openWorkplace(directory, samples, tool) {
  const tree = join(directory, 'work-tree');
  const installed = join(directory, 'tools', tool.folder ?? tool.name);
  const python = join(directory, 'tools', 'py');
  const target = join(samples, tool.name);
  const files = [];
  await install(tool, installed, python);
  rmSync(tree, { recursive: true, force: true });
  rmSync(target, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  mkdirSync(target, { recursive: true });
  if (tool.npm !== undefined)
    symlinkSync(join(installed, 'node_modules'), join(tree, 'node_modules'));

  const clean = (text) =>
    anonymise(text, {
      [tree]: '/work-tree',
      [installed]: '/tools',
      [python]: '/python',
      [dirname(process.execPath)]: '/node/bin',
      [homedir()]: '/home/user',
    });
  const write = (path, content) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  const keep = (name, content) => {
    const text = clean(typeof content === 'string' ? content : content.toString('utf8'));
    refuseTraces(name, text);
    writeFileSync(join(target, name), text);
    files.push(name);
  };
  await tool.make({
    tree,
    write,
    writeAll: (sources) => Object.entries(sources).forEach(([path, text]) => write(path, text)),
    keep,
    read: (path) => readFileSync(join(tree, path), 'utf8'),
    /** Takes a report that the tool wrote into the project. */
    keepFile: (name, path) => keep(name, readFileSync(join(tree, path))),
    run: (command, options) => run(command, { cwd: tree, ...options }),
    bin: (name) => join(installed, 'node_modules/.bin', name),
    module: (path) => join(installed, 'node_modules', path),
    py: (name) => join(python, 'bin', name),
    go: (name) => join(installed, name),
  });
  return files;
}

async function install(tool, installed, python) {
  mkdirSync(installed, { recursive: true });
  if (tool.npm !== undefined && !existsSync(join(installed, 'node_modules'))) {
    writeFileSync(join(installed, 'package.json'), '{ "private": true }');
    const npm = ['npm', 'install', '--silent', '--no-audit', '--no-fund', ...tool.npm];
    await mustRun(npm, installed);
  }
  if (tool.pip !== undefined) {
    if (!existsSync(join(python, 'bin')))
      await mustRun(['python3', '-m', 'venv', python], installed);
    await mustRun([join(python, 'bin/pip'), 'install', '-q', ...tool.pip], installed);
  }
  for (const [name, source] of Object.entries(tool.go ?? {})) {
    if (existsSync(join(installed, name))) continue;
    await mustRun(['go', 'install', source], installed, { GOBIN: installed });
  }
}

async function mustRun(command, cwd, env = {}) {
  const { code, stderr } = await run(command, { cwd, env });
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr.slice(-500)}`);
}

/** What a tool wrote; a tool with findings ends with a code of its own, so none is an error here. */
function run([file, ...args], { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', CI: 'true', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8'));
      resolve({ code, stdout, stderr });
    });
  });
}

const traces = [/\/(?:tmp|root|home\/(?!user\b)|work)\//, /gatewright-samples/];

function refuseTraces(name, text) {
  const user = userInfo().username;
  const found = [...traces, new RegExp(`\\b${user}@`)]
    .map((trace) => trace.exec(text))
    .find(Boolean);
  if (found === undefined || found === null) return;
  const near = text.slice(Math.max(0, found.index - 60), found.index + 100);
  throw new Error(`${name} tells of this machine: ${near}`);
}
