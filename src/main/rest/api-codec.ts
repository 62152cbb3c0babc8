/**
 * Reads inputs from and writes outputs to plain JSON values. What the router answers is JSON already, so it goes out by
 * reference: the library's own serializer copies it by assignment, which loses a `__proto__` key and costs a walk over
 * every reply. A query is flat here; brackets in names mean nothing.
 */
import { StandardOpenAPICodec } from '@orpc/openapi/standard';
import {
  StandardBracketNotationSerializer,
  StandardOpenAPIJsonSerializer,
  StandardOpenAPISerializer,
} from '@orpc/openapi-client/standard';

export function createApiCodec(): StandardOpenAPICodec {
  return new StandardOpenAPICodec(new PlainSerializer());
}

class PlainSerializer extends StandardOpenAPISerializer {
  constructor() {
    super(new StandardOpenAPIJsonSerializer(), new StandardBracketNotationSerializer());
  }

  override serialize(data: unknown): unknown {
    return data;
  }

  override deserialize(data: unknown): unknown {
    return data instanceof URLSearchParams ? flatQuery(data) : data;
  }
}

/** A name given several times holds a list, which no parameter of the contract is: so it is refused, not guessed. */
function flatQuery(query: URLSearchParams): Record<string, string | string[]> {
  const names = new Set(query.keys());
  return Object.fromEntries([...names].map((name) => [name, oneOrAll(query.getAll(name))]));
}

function oneOrAll(values: string[]): string | string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}
