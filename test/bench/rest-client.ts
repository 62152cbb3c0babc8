/** One keep-alive connection to a host, as thin as node:http allows: what is measured here is the host. */
import { Agent, request } from 'node:http';
import { apiPrefix } from '#shared/contract/router';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class RestClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** A call that has to succeed, with what it answers. */
  async call<Body>(call: Call): Promise<Body> {
    return JSON.parse((await this.send(call)).toString('utf8'));
  }

  /** A call that has to succeed; resolves once the last byte of the answer is there, and does not read it. */
  send({ method, path, body, headers = {} }: Call): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const outgoing = request(`${this.#address}${apiPrefix}${path}`, {
      method,
      agent: this.#agent,
      headers: { ...headers, ...(text === undefined ? {} : bodyHeaders(text)) },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        if ((response.statusCode ?? 0) < 400) resolve(bytes);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${bytes.toString('utf8')}`));
      });
    });
    outgoing.end(text);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function bodyHeaders(text: string): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
}
