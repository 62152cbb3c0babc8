/**
 * Looking into a session without running code in it: its variables, and what could be typed next. Nothing here runs a
 * getter, a proxy's trap, or any other code of the guest.
 */
import * as z from 'zod';

/** How a name came to be: by a declaration of that word, or else on the global object, as what a REPL declares by `var`. */
const variableKindSchema = z.enum(['let', 'const', 'class', 'function', 'var', 'global']);

export const sessionVariableSchema = z.strictObject({
  name: z.string(),
  kind: variableKindSchema,
  /** As a value's type; `uninitialized` where the declaration has failed. */
  type: z.string(),
  preview: z.string(),
  /** About how much memory it holds; a lower bound where there is very much of it. */
  size_bytes: z.int(),
  /** Whether the last execution gave it another value, or changed how many entries it has. Changes deeper inside are not seen. */
  changed: z.boolean(),
});
export type SessionVariable = z.infer<typeof sessionVariableSchema>;

export const sessionGlobalsSchema = z.strictObject({
  /** Whether the session has a runtime just now; one that sleeps has no variables until it is used. */
  awake: z.boolean(),
  variables: z.array(sessionVariableSchema),
  /** Whether there are more than are listed. */
  truncated: z.boolean(),
});
export type SessionGlobals = z.infer<typeof sessionGlobalsSchema>;

/** The longest code that is looked at, in UTF-16 units. */
const maxCompletionCode = 262_144;

export const completeSchema = z.strictObject({
  code: z.string().max(maxCompletionCode),
  /** Where the caret stands, in UTF-16 units from the beginning. */
  cursor: z.int().min(0),
});
export type CompletionRequest = z.infer<typeof completeSchema>;

const completionKindSchema = z.enum(['variable', 'function', 'class', 'property', 'method', 'keyword', 'module']);
export type CompletionKind = z.infer<typeof completionKindSchema>;

const completionItemSchema = z.strictObject({
  label: z.string(),
  kind: completionKindSchema,
  /** Where it comes from, such as `Array.prototype`, or what to know of it. */
  detail: z.string().optional(),
  /** Type of its value, where there is one that can be told without running code. */
  type: z.string().optional(),
});
export type CompletionItem = z.infer<typeof completionItemSchema>;

/** What can stand in place of the text from `from` to `to`, the likeliest first. */
export const completionSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  items: z.array(completionItemSchema),
});
export type Completion = z.infer<typeof completionSchema>;
