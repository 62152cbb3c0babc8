import { describe, expect, it } from 'vitest';
import { RouteIndex, type RouteLookup } from '#main/rest/route-index';
import { createStubRouter } from '../../../support/stub-router.ts';

const id = '7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00';
const routes = new RouteIndex(createStubRouter().router);

function described(lookup: RouteLookup): string {
  return lookup.found ? lookup.access : lookup.refusal.code;
}

describe('the route index', () => {
  it.each([
    ['GET', '/api/v1/hello?nonce=00', 'open'],
    ['GET', '/api/v1/health', 'read'],
    ['HEAD', '/api/v1/health', 'read'],
    ['POST', '/api/v1/executions/repl?wait=false', 'run'],
    ['POST', '/api/v1/templates', 'manage'],
    ['DELETE', `/api/v1/templates/${id}/modules/fs`, 'manage'],
    ['DELETE', `/api/v1/templates/${id}/modules/a%2Fb`, 'manage'],
    ['GET', '/', 'NOT_FOUND'],
    ['GET', '/api/v1', 'NOT_FOUND'],
    ['GET', '/api/v10/health', 'NOT_FOUND'],
    ['GET', '/api/v1/', 'NOT_FOUND'],
    ['GET', '/api/v1/health/', 'NOT_FOUND'],
    ['GET', '/api/v1//health', 'NOT_FOUND'],
    ['GET', '//api/v1/health', 'NOT_FOUND'],
    ['GET', '/api/v1/executions//stream', 'NOT_FOUND'],
    ['GET', '/API/v1/health', 'NOT_FOUND'],
    ['GET', '/api/v1/health/more', 'NOT_FOUND'],
    ['GET', `/api/v1/templates/${id}/modules/`, 'NOT_FOUND'],
    ['PUT', '/api/v1/templates', 'METHOD_NOT_ALLOWED'],
    ['HEAD', '/api/v1/executions/repl/more', 'NOT_FOUND'],
    ['BREW', '/api/v1/health', 'METHOD_NOT_ALLOWED'],
    // A name of ".." must not turn into its template.
    ['DELETE', `/api/v1/templates/${id}/modules/..`, 'INVALID_REQUEST'],
    ['DELETE', `/api/v1/templates/${id}/modules/%2e%2e`, 'INVALID_REQUEST'],
    ['GET', '/api/v1/hello/../templates', 'INVALID_REQUEST'],
    ['GET', '/api/v1\\health', 'INVALID_REQUEST'],
    ['GET', '/api/v1/health#more', 'INVALID_REQUEST'],
    ['GET', '/api/v1/templates/%zz', 'INVALID_REQUEST'],
    ['GET', '/api/v1/templates/%ff', 'INVALID_REQUEST'],
    ['GET', 'http://evil.example/api/v1/health', 'INVALID_REQUEST'],
    ['GET', '*', 'INVALID_REQUEST'],
  ])('takes %s %s as %s', async (method, target, expected) => {
    expect(described(await routes.find(method, target))).toBe(expected);
  });

  it('names the methods that a path takes', async () => {
    const lookup = await routes.find('PUT', '/api/v1/templates');
    expect(lookup.found || lookup.refusal.details).toEqual({ allow: ['GET', 'HEAD', 'POST'] });
  });
});
