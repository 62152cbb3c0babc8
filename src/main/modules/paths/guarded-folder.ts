/**
 * A held folder in which what the host keeps for itself is out of reach. It stands between every operation and the file
 * system, so that none can forget to ask: not a listing that goes deeper, not a draft, not the other end of a rename.
 */
import type { HeldFolder } from './held-folder.ts';
import { refusePath } from './path-problem.ts';
import type { ProtectedPlaces } from './protected-files.ts';

export interface Guard {
  readonly places: ProtectedPlaces;
  readonly forWriting: boolean;
  /** The path as it was given, for refusals. */
  readonly path: string;
}

/** Takes over the folder, and closes it where it refuses it. */
export async function guardFolder(folder: HeldFolder, guard: Guard): Promise<HeldFolder> {
  const { places, forWriting, path } = guard;
  const identity = await folder.identify();
  if (places.hasFolder(identity, forWriting)) {
    await folder.close();
    refusePath(path, "it is in the host's own folder");
  }
  const check = (name: string) => {
    if (forWriting && places.hasName(identity, name)) refusePath(path, "it is the name of the host's own file");
  };
  return {
    identify: () => folder.identify(),
    enter: async (name) => guardFolder(await folder.enter(name), guard),
    open: async (name, flags, mode) => {
      check(name);
      return folder.open(name, flags, mode);
    },
    use: async (name, action) => {
      check(name);
      return folder.use(name, action);
    },
    close: () => folder.close(),
  };
}
