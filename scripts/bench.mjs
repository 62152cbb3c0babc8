// "npm run bench": builds the product if needed, then measures the build against what it is made of.
import './check-node.mjs';
import { buildIfNeeded } from './build-if-needed.mjs';

buildIfNeeded();
await import('../test/bench/main.ts');
