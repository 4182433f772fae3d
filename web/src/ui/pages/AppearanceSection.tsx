// Which of the two themes; `System` follows the device.
import type { ThemeSetting } from '../../state/model.ts';
import { RadioGroup } from '../parts/RadioGroup.tsx';
import { useActions, useBelfry } from '../use.ts';
import { pageWords } from '../words/pages.en.ts';

const words = pageWords.settings;
const kThemes: readonly ThemeSetting[] = ['system', 'light', 'dark'];

export function AppearanceSection() {
  const { setTheme } = useActions();
  const theme = useBelfry((state) => state.settings.theme);
  return (
    <RadioGroup label={words.theme} look="row" value={theme} onChange={setTheme}
      options={kThemes.map((value) => ({ value, label: words.themes[value] }))} />
  );
}
