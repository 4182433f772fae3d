// The frame with my own picture, mirrored, or the sentence that stands in its place.
import { mediaWords } from '../words/media.en.ts';
import { Picture } from './Picture.tsx';
import css from './DeviceCheck.module.css';

export function OwnPreview({ stream, camera }: { readonly stream: MediaStream | null; readonly camera: boolean }) {
  const pictured = camera && stream !== null && stream.getVideoTracks().length > 0;
  return (
    <div className={css['frame']} data-surface="stage">
      <Picture stream={pictured ? stream : null} user="self" kind="camera" mirrored />
      {!pictured && <p className={css['nothing']}>{camera ? mediaWords.noPicture : mediaWords.cameraIsOff}</p>}
    </div>
  );
}
