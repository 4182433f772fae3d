// The call until its chunk is here: there is no moment in which a call is nowhere on the page.
import type { Call } from '../../state/model.ts';
import { useBelfry } from '../use.ts';
import { useCallName } from './names.ts';
import { useRegionAttributes } from './regionAttributes.ts';
import { Status } from './Status.tsx';
import css from './CallRegion.module.css';

export function PlainRegion({ stage }: { readonly stage: boolean }) {
  const call = useBelfry((state) => state.call);
  return call && <Plain call={call} stage={stage} />;
}

function Plain({ call, stage }: { readonly call: Call; readonly stage: boolean }) {
  const attributes = useRegionAttributes(call, stage);
  const name = useCallName(call);
  return (
    <section {...attributes} className={stage ? css['plain'] : css['plainMini']} data-surface="stage">
      {stage && <h1 tabIndex={-1}>{name}</h1>}
      <Status call={call} />
    </section>
  );
}
