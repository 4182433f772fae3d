// Runs a command with a PostgreSQL cluster of its own, on which the harness places each server that names no database.
//   node harness/on_postgres.mjs COMMAND [ARGUMENTS]        exits as the command does
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgres } from './postgres.mjs';

const [program, ...args] = process.argv.slice(2);
const cluster = await startPostgres();
try {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, BELFRY_TEST_POSTGRES: cluster.url } });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
  const databases = Number(await cluster.psql("SELECT count(*) FROM pg_database WHERE datname LIKE 'belfry\\_%'"));
  console.log(`${databases} databases`);
  if (databases === 0) process.exitCode = 1; // Nothing was tested on PostgreSQL.
} finally {
  await cluster.stop();
}
