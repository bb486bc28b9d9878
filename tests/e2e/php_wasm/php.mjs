/*
 * PHP of a given version, as WebAssembly, for the command line.
 *
 *     node php.mjs VERSION [-s SOCKET] ARGUMENT...
 *
 * To be run from a directory with @php-wasm/node in it. The files are those of
 * this machine. WebAssembly knows no sockets in the file system; with -s the
 * database's is offered on a port of loopback, which the script finds in the
 * variable WP_DB_HOST.
 */
import net from 'node:net';
import { PHP } from '@php-wasm/universal';
import { loadNodeRuntime, useHostFilesystem } from '@php-wasm/node';

const [version, ...args] = process.argv.slice(2);
const env = {};

function relay(socket) {
    const server = net.createServer((client) => {
        const database = net.connect(socket);
        client.pipe(database).pipe(client);
        client.on('error', () => database.destroy());
        database.on('error', () => client.destroy());
    });
    return new Promise((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

if (args[0] === '-s') {
    env.WP_DB_HOST = `127.0.0.1:${await relay(args[1])}`;
    args.splice(0, 2);
}
const php = new PHP(await loadNodeRuntime(version, {
    emscriptenOptions: { processId: 1 },
}));
useHostFilesystem(php);
const run = await php.cli(['php', ...args], { env });
const say = (stream, to) =>
    stream.pipeTo(new WritableStream({ write: (some) => { to.write(some); } }));
await Promise.all([say(run.stdout, process.stdout),
                   say(run.stderr, process.stderr)]);
process.exit(await run.exitCode);
