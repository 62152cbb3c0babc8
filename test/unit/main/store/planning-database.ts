/** A database that notes every statement prepared and run on it, and tells SQLite's plan for each. */
import type { Database } from 'better-sqlite3';
import { inMemory, openDatabase } from '#main/store/open-database';

export interface PlanningDatabase {
  readonly database: Database;
  /** The steps of the plans of what the call runs. */
  plansOf(call: () => Promise<unknown>): Promise<string[]>;
  /** The steps of the plans of every statement that was prepared, each with its statement. */
  allPlans(): { source: string; steps: string[] }[];
}

export function planningDatabase(): PlanningDatabase {
  const database = openDatabase(inMemory);
  const explain = explainer(database);
  const prepared: string[] = [];
  const ran: string[] = [];
  database.prepare = new Proxy(database.prepare, {
    apply(target, self, args) {
      const statement = Reflect.apply(target, self, args);
      prepared.push(statement.source);
      for (const method of ['all', 'get', 'iterate', 'run'] as const) {
        statement[method] = noting(statement[method], () => ran.push(statement.source));
      }
      return statement;
    },
  });
  return {
    database,
    plansOf: async (call) => {
      ran.length = 0;
      await call();
      return ran.flatMap(explain);
    },
    allPlans: () => prepared.map((source) => ({ source, steps: explain(source) })),
  };
}

function noting<Method extends (...args: never[]) => unknown>(method: Method, note: () => void): Method {
  return new Proxy(method, {
    apply(target, self, args) {
      note();
      return Reflect.apply(target, self, args);
    },
  });
}

function explainer(database: Database): (source: string) => string[] {
  const prepare = database.prepare.bind(database);
  return (source) => {
    const plan = prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`);
    const positions = (source.match(/\?/g) ?? []).map(() => null);
    const names = Object.fromEntries((source.match(/(?<=@)\w+/g) ?? []).map((name) => [name, null]));
    const rows = Object.keys(names).length > 0 ? plan.all(...positions, names) : plan.all(...positions);
    return rows.map((row) => row.detail);
  };
}
