import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Unreachable } from "../api/http";
import { Failure } from "./message";

/** A page whose code is loaded when somebody opens it. */
export function LazyPage<Props extends object>({ load, props }: { load: () => Promise<{ default: ComponentType<Props> }>; props: Props }) {
  const [state, setState] = useState<{ Page?: ComponentType<Props>; failed?: boolean }>({});
  const run = () => {
    load().then(
      (module) => setState({ Page: module.default }),
      () => setState({ failed: true }),
    );
  };
  useEffect(run, []);
  const { Page, failed } = state;
  if (failed) return <Failure page error={new Unreachable()} retry={() => location.reload()} />;
  return Page ? <Page {...props} /> : <div aria-busy="true" />;
}
