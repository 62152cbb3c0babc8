// "npm run conformance -- FOLDER [EVERY_NTH]": builds the product if needed, then compares it with the bare engine.
import './check-node.mjs';
import { buildIfNeeded } from './build-if-needed.mjs';

buildIfNeeded();
await import('../test/conformance/main.ts');
