import { useState } from "preact/hooks";
import { errorText } from "./message";

/** Something a button does: whether it is under way, and the words of its failure. */
export interface Action {
  working: boolean;
  failure: string | null;
  run: () => void;
}

export function useAction(action: () => Promise<unknown>): Action {
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = () => {
    setWorking(true);
    setFailure(null);
    action()
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setWorking(false));
  };
  return { working, failure, run };
}
