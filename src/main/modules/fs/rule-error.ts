/** What a grant forbids: it has a code of the system that says the same, and names the rule and where that stands. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly code: 'EROFS' | 'EFBIG' | 'EDQUOT' | 'EOVERFLOW';

  constructor(code: RuleError['code'], rule: string) {
    super(rule);
    this.code = code;
  }
}
