// My name and picture, as others see them, and the way out (DESIGN §7.11, §17.6). A picture is saved when it is chosen.
import { type FormEvent, useId, useRef, useState } from 'react';
import type { Done, Refusal } from '../../state/actions.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { Button } from '../parts/Button.tsx';
import { FormFault } from '../parts/Field.tsx';
import { hasPicture } from '../parts/faces.ts';
import { TextField } from '../parts/TextField.tsx';
import { useActions, useBelfry } from '../use.ts';
import { fileSize } from '../words/format.en.ts';
import { fault as faults, refused } from '../words/page.en.ts';
import { pageWords } from '../words/pages.en.ts';
import css from './Pages.module.css';

const words = pageWords.profile;
const kKinds = 'image/png,image/jpeg,image/webp';
/** What the server takes: docs/files.md. */
const kMaxPhoto = 5 * 1024 * 1024;
const kMaxName = 64;

const sentence = (refusal: Refusal, what: 'name' | 'photo'): string =>
  what === 'photo' && refusal.code === 'VALIDATION_FAILED' ? words.wrongKind : refused(refusal, refusal.retryAfterSeconds);

export default function Profile() {
  const { saveProfile, setPhoto, logOut } = useActions();
  const me = useBelfry((state) => state.me);
  const [typed, setTyped] = useState<string | null>(null);
  const [busy, setBusy] = useState<'name' | 'photo' | 'out' | null>(null);
  const [said, setSaid] = useState<{ readonly saved: boolean; readonly fault: string | null }>({ saved: false, fault: null });
  /** Stays until a photo is taken: saving the name does not mend it. */
  const [refusedPhoto, setRefusedPhoto] = useState<string | null>(null);
  const photo = useRef<HTMLInputElement>(null);
  const id = useId();
  if (!me) return null;
  const name = typed ?? me.displayName ?? '';
  const long = [...name].length > kMaxName;

  const save = async (what: 'name' | 'photo', act: () => Promise<Done<null>>) => {
    setBusy(what);
    setSaid({ saved: false, fault: null });
    if (what === 'photo') setRefusedPhoto(null);
    const answer = await act();
    setBusy(null);
    const fault = answer.ok ? null : sentence(answer.refusal, what);
    setSaid({ saved: answer.ok, fault: what === 'name' ? fault : null });
    if (what === 'photo') setRefusedPhoto(fault);
    if (answer.ok && what === 'name') setTyped(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!long && !busy) void save('name', () => saveProfile(name.trim()));
  };
  const choose = (file: File | undefined) => {
    if (photo.current) photo.current.value = '';
    if (!file) return;
    const fault = file.size > kMaxPhoto ? words.tooBig(file.name, fileSize(kMaxPhoto)) : kKinds.split(',').includes(file.type) ? null : words.wrongKind;
    if (fault) {
      setSaid({ saved: false, fault: null });
      setRefusedPhoto(fault);
    } else void save('photo', () => setPhoto(file));
  };
  const leave = async () => {
    setBusy('out');
    await logOut();
  };

  return (
    <form className={css['profile']} onSubmit={submit} aria-busy={busy !== null} noValidate>
      <h1>{words.title}</h1>
      <div className={css['photo']}>
        <Avatar id={me.id} name={me.displayName ?? me.username} src={me.avatar} size={96} />
        <div className={css['photoButtons']}>
          <label className={css['label']} htmlFor={id}>{words.photo}</label>
          <span className={css['pick']} data-busy={busy === 'photo' || undefined}>
            <input ref={photo} id={id} type="file" accept={kKinds} onChange={(event) => choose(event.currentTarget.files?.[0])} />
            <span aria-hidden="true">{words.choosePhoto}</span>
          </span>
          <Button kind="quiet" disabled={!hasPicture(me.avatar)} why={hasPicture(me.avatar) ? undefined : words.noPhoto}
            onClick={() => void save('photo', () => setPhoto(null))}>{words.removePhoto}</Button>
        </div>
      </div>
      {refusedPhoto && <FormFault>{refusedPhoto}</FormFault>}
      <TextField label={words.displayName} hint={words.displayNameHint} value={name} limit={kMaxName} autoComplete="name" placeholder={me.username}
        error={long ? faults.nameLong : null}
        onChange={(text) => { setTyped(text); setSaid({ saved: false, fault: null }); }} />
      <dl className={css['fixed']}>
        <dt>{words.username}</dt><dd>{me.username}</dd>
        {me.email && <><dt>{words.email}</dt><dd>{me.email}</dd></>}
      </dl>
      {said.fault && <FormFault>{said.fault}</FormFault>}
      <div className={css['saves']}>
        <Button kind="primary" type="submit" busy={busy === 'name'} disabled={long}>{words.save}</Button>
        <span role="status">{said.saved ? words.saved : ''}</span>
      </div>
      <div className={css['out']}><Button busy={busy === 'out'} onClick={() => void leave()}>{words.logOut}</Button></div>
    </form>
  );
}
