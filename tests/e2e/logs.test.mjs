// What the server prints, and its message when it refuses to start. Every server's stop() asserts R-001-85 itself.
// Runs on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertStructured, launch, startServer } from './harness/server.mjs';
import { aConnectedCall, aName, aUser, candidate, connectUser, everybodyLeaves, kOffer } from './harness/user.mjs';
import { eventually, within } from './harness/wait.mjs';

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), 'belfry-e2e-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

async function withServer(options, act) {
  const server = await startServer(options);
  try {
    await act(server);
    await everybodyLeaves(server);
  } finally {
    await server.stop();
  }
}

async function refusal(args, options) {
  const server = launch(args, options);
  const ended = await within(server.exit, 'a refusal to start', 10000).finally(() => server.signal('SIGKILL'));
  assert.ok(ended.code > 0, `exit ${ended.code}`);
  assert.equal(server.url, undefined);
  return server.output();
}

const dev = (...more) => ['serve', '--dev', '--listen', '127.0.0.1:0', '--data', folder, ...more];

// R-003-58, C-01
for (const [value, why] of [['500', 'less than a second'], ['30', 'seconds given as milliseconds'], ['0', 'nothing'], ['-5000', 'negative'], ['999999999', 'days']]) {
  test(`CALL_TIMEOUT_MS=${value} (${why}) is refused at start with a message`, async () => {
    const words = await refusal(dev(), { env: { CALL_TIMEOUT_MS: value } });
    assert.match(words, /CALL_TIMEOUT_MS/);
    assert.match(words, /1 ?s\b|1000|millisecond|1500ms/i);
  });
}

test('an unknown flag or key is refused at start and named', async () => {
  assert.match(await refusal(dev('--lissten', 'x')), /lissten/);
  const file = join(folder, 'belfry.toml');
  writeFileSync(file, '[call]\ntimeoot = "30s"\n');
  assert.match(await refusal(dev('--config', file)), /timeoot/);
});

// R-004-50
test('a malformed line in an env file is reported and skipped', async () => {
  const file = join(folder, 'env');
  writeFileSync(file, 'LOG_LEVEL=info\nTWILIO_AUTH_TOKEN\nCALL_TIMEOUT_SECONDS=20\n');
  const running = await startServer({ args: ['--env-file', file] });
  await running.logged('the warning', ({ level, about }) => level === 'warn' && about?.includes(':2:'));
  await running.stop();
});

// R-004-49, W-004-23
test("the variables of seed 004's .env are known, and one that serves nothing is said to be", async () => {
  const env = {
    NODE_ENV: 'development', JWT_SECRET: '0123456789abcdef0123456789abcdef', Mongo_Url: 'mongodb://x', MONGO_URL: 'mongodb://x',
    CLOUDINARY_CLOUD_NAME: 'c', CLOUDINARY_API_KEY: 'k', CLOUDINARY_API_SECRET: 's', TWILIO_ACCOUNT_SID: 'ACsid', TWILIO_AUTH_TOKEN: 'word',
  };
  const server = await startServer({ listen: null, env: { ...env, PORT: '0' } });
  const warned = server.records().filter(({ level }) => level === 'warn').map(({ about }) => about).join('\n');
  for (const name of Object.keys(env)) assert.equal(warned.includes(`${name} is not used, see DATABASE_URL`), /^mongo_url$/i.test(name), `${name}: ${warned}`);
  assert.doesNotMatch(warned, /NODE_ENV|JWT_SECRET|CLOUDINARY|TWILIO/);
  await server.stop();
});

// C-17
test('in production a star among the CORS origins is refused at start', async () => {
  assert.match(await refusal(['serve', '--listen', '127.0.0.1:0', '--data', folder], { env: { CORS_ORIGINS: '*' } }), /cors/i);
});

// R-003-40
test('PORT sets the port', async () => {
  const probe = await startServer();
  await probe.stop();
  const server = await startServer({ listen: null, env: { PORT: String(probe.port) } });
  assert.equal(server.port, probe.port);
  await server.stop();
});

// R-003-40, R-003-41: another program of this machine may use port 3000, so only check the configuration.
test('without PORT the port is 3000, and no variable is required', async () => {
  const server = launch(['serve', '--dev', '--data', folder, '--print-config']);
  await within(server.exit, 'the configuration');
  assert.match(server.out.join('\n'), /127\.0\.0\.1:3000/);
});

// R-003-41
test('an empty environment is enough to serve, with a warning that dev mode is open', async () => {
  await withServer({}, async (server) => {
    await aConnectedCall(server.url);
    await server.logged('a warning about dev mode', (record) => record.level === 'warn' && /dev/i.test(JSON.stringify(record)));
  });
});

// R-003-54, R-003-39
test('a stats line contains users and calls', async () => {
  await withServer({ env: { BELFRY_STATS_INTERVAL: '1' } }, async (server) => {
    await aConnectedCall(server.url);
    await server.logged('stats 2, 1', (record) =>
      JSON.stringify(record).includes('stats') && record.connectedUsers === 2 && record.activeCalls === 1);
  });
});

// R-001-86
test('relayed signals are logged, and signals to an offline user cause a warning', async () => {
  await withServer({ env: { LOG_LEVEL: 'debug' } }, async (server) => {
    const { caller, callee } = await aConnectedCall(server.url);
    caller.ice(callee, 1);
    await callee.next('ice_candidate');
    const relayed = await server.logged('the relay', (record) => record.event === 'WS_WEBRTC_SIGNAL' && /candidate/.test(record.eventType));
    assert.ok(relayed.from && relayed.to);
    const dave = await aUser(server.url);
    dave.emit('make_call', { to: 'zoe', from: dave.name, offer: kOffer });
    await dave.next('call_failed');
    const warned = await server.logged('the warning', (record) => record.event === 'WS_WEBRTC_SIGNAL' && record.level === 'warn');
    assert.ok(warned.targetUserId);
  });
});

// R-001-87
test('LOG_LEVEL=warn hides info', async () => {
  await withServer({ env: { LOG_LEVEL: 'warn' } }, async (server) => {
    await aConnectedCall(server.url);
    assert.deepEqual(server.records().filter(({ level }) => ['trace', 'debug', 'info'].includes(level)), []);
  });
});

// R-001-87
test('a log file rotates by size, and is reopened on SIGHUP', async () => {
  const logs = mkdtempSync(join(folder, 'logs-'));
  const file = join(logs, 'belfry.log');
  const env = { BELFRY_LOG_FILE: file, BELFRY_LOG_MAX_SIZE: '4096', BELFRY_LOG_FILES: '3', LOG_LEVEL: 'debug' };
  await withServer({ env }, async (server) => {
    const { caller, callee } = await aConnectedCall(server.url);
    await eventually(() => {
      for (let n = 0; n < 20; ++n) caller.emit('ice_candidate', { to: 'zoe', from: caller.name, candidate: candidate(n) });
      caller.ice(callee, 1);
      return readdirSync(logs).length > 1;
    }, 'a rotated file');
    const moved = join(logs, 'moved-away');
    renameSync(file, moved);
    server.signal('SIGHUP');
    await eventually(() => {
      caller.emit('ice_candidate', { to: 'zoe', from: caller.name, candidate: candidate(1) });
      return readdirSync(logs).includes('belfry.log');
    }, 'the file anew');
  });
  for (const name of readdirSync(logs)) assertStructured(readFileSync(join(logs, name), 'utf8').split('\n').filter(Boolean));
});

// R-001-88, ARCHITECTURE 5
test('no SDP, candidate, name or address reaches the info log', async () => {
  const server = await startServer();
  const { caller, callee } = await aConnectedCall(server.url);
  caller.ice(callee, 4321);
  await callee.next('ice_candidate');
  const mallory = connectUser(server.url, { name: aName('secretive') });
  mallory.emit('register_user', { userId: 5 });
  mallory.call(callee, { ...kOffer, sdp: 'SECRET-SDP' });
  await mallory.next('call_failed');
  const zoe = await aUser(server.url);
  zoe.emit('make_call', { to: 'nobody-here', from: zoe.name, offer: kOffer });
  await zoe.next('call_failed');
  await everybodyLeaves(server);
  await server.stop();
  const text = server.output();
  for (const secret of ['v=0', 'SECRET-SDP', 'candidate:4321', caller.name, callee.name, mallory.name, 'nobody-here']) {
    assert.ok(!text.includes(secret), `${secret} in ${text.split('\n').find((line) => line.includes(secret))}`);
  }
});
