// Camera, microphone and speaker: the three lists of the device check and of the dialog `Devices`.
import { useEffect, type ReactNode } from 'react';
import type { Device } from '../../state/model.ts';
import { Select } from '../parts/Select.tsx';
import { useActions, useBelfry } from '../use.ts';
import { mediaWords } from '../words/media.en.ts';
import { canChooseSpeaker } from './capabilities.ts';
import css from './DeviceCheck.module.css';

type Kind = 'camera' | 'microphone' | 'speaker';

/** Without a permission the browser tells neither names nor ids. */
function optionsOf(kind: Kind, devices: readonly Device[]) {
  const named = devices.filter((device) => device.id !== '').map((device, at) => ({ value: device.id, label: device.label || mediaWords.unnamed(kind, at + 1) }));
  if (kind === 'speaker') {
    const others = named.filter((option) => option.value !== 'default');
    return [{ value: '', label: mediaWords.system }, ...others];
  }
  if (named.length > 0) return named;
  return [{ value: '', label: devices.length > 0 ? mediaWords.allowNames : mediaWords.noneFound[kind] }];
}

function DeviceSelect({ kind, devices, chosen }: { readonly kind: Kind; readonly devices: readonly Device[]; readonly chosen: string | null }) {
  const actions = useActions();
  const options = optionsOf(kind, devices);
  const value = options.some((option) => option.value === chosen) ? chosen ?? '' : options[0]?.value ?? '';
  return (
    <Select label={mediaWords[kind]} value={value} options={options} disabled={options.length < 2 && options[0]?.value === '' && kind !== 'speaker'}
      onChange={(id) => actions.chooseDevice(kind, id === '' ? null : id)} />
  );
}

/** `between`: stands under the microphone; `beside`: at the side of the speaker. */
export function DeviceSelects({ between, beside }: { readonly between?: ReactNode; readonly beside?: ReactNode }) {
  const media = useBelfry((state) => state.media);
  const actions = useActions();
  useEffect(() => { void actions.loadDevices(); }, [actions]);
  return (
    <div className={css['selects']}>
      <DeviceSelect kind="camera" devices={media.cameras} chosen={media.chosen.camera} />
      <DeviceSelect kind="microphone" devices={media.microphones} chosen={media.chosen.microphone} />
      {between}
      <div className={css['speaker']}>
        <DeviceSelect kind="speaker" devices={canChooseSpeaker() ? media.speakers : []} chosen={media.chosen.speaker} />
        {beside}
      </div>
    </div>
  );
}
