// Stands for the AWS CLI that Amazon Linux has, on the hosts of the emulator: `aws s3 cp s3://bucket/key DEST`, and
// nothing else. Wrapped by a script on each host's PATH, which names the file with the instance role's keys.
import { createHash, createHmac } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const [, , roleFile, ...argv] = process.argv;
const role = JSON.parse(await readFile(roleFile, 'utf8'));

class Failure extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

function readArguments(words) {
  const quiet = new Set(['--only-show-errors', '--no-progress', '--quiet']);
  const withValue = new Set([
    '--region',
    '--endpoint-url',
    '--cli-connect-timeout',
    '--cli-read-timeout',
  ]);
  const places = [];
  const options = { silent: false };
  for (let index = 2; index < words.length; index += 1) {
    const word = words[index];
    if (withValue.has(word)) index += 1;
    else if (quiet.has(word)) options.silent ||= word !== '--no-progress';
    else if (word.startsWith('--')) throw new Failure(`Unknown options: ${word}`, 252);
    else places.push(word);
  }
  const [source, destination] = places;
  if (
    words[0] !== 's3' ||
    words[1] !== 'cp' ||
    places.length !== 2 ||
    !source.startsWith('s3://')
  ) {
    throw new Failure('This host knows only: aws s3 cp s3://BUCKET/KEY DESTINATION', 252);
  }
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/u.exec(source) ?? [];
  if (key === undefined) throw new Failure(`Invalid S3 address: ${source}`, 252);
  return { ...options, source, bucket, key, destination };
}

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function signed(method, url) {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/gu, '');
  const scope = [date.slice(0, 8), role.region, 's3', 'aws4_request'];
  const payload = sha256('');
  const headers = {
    host: url.host,
    'x-amz-content-sha256': payload,
    'x-amz-date': date,
    'x-amz-security-token': role.sessionToken,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = [method, url.pathname, '', lines.join(''), names, payload].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce((signing, part) => hmac(signing, part), `AWS4${role.secretAccessKey}`);
  const signature = hmac(key, text).toString('hex');
  const credential = `${role.accessKeyId}/${scope.join('/')}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

function call(method, url) {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: signed(method, url) }, resolve)
      .on('error', reject)
      .end();
  });
}

async function copy({ bucket, key, destination, source, silent }) {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const url = new URL(`${role.endpoint}/${bucket}/${path}`);
  const head = await call('HEAD', url);
  head.resume();
  if (head.statusCode !== 200) {
    const reason = { 403: 'Forbidden', 404: 'Not Found' }[head.statusCode] ?? head.statusMessage;
    const detail = head.statusCode === 404 ? `Key "${key}" does not exist` : reason;
    throw new Failure(
      `fatal error: An error occurred (${head.statusCode}) when calling the HeadObject operation: ${detail}`,
      1,
    );
  }
  const directory = await stat(destination).then(
    (one) => one.isDirectory(),
    () => false,
  );
  const target = directory ? join(destination, basename(key)) : destination;
  const part = `${target}.${process.pid}`;
  const response = await call('GET', url);
  try {
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    await pipeline(response, createWriteStream(part));
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw new Failure(`download failed: ${source} to ${target} ${error.message}`, 1);
  }
  if (!silent) process.stdout.write(`download: ${source} to ${target}\n`);
}

try {
  if (argv[0] === '--version') process.stdout.write('gatewright-aws-stand-in/1.0\n');
  else await copy(readArguments(argv));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode ?? 255;
}
