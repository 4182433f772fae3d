// People to choose from, by checkboxes, with a search above them when there are many.
import { useState } from 'react';
import type { Person, UserId } from '../../state/model.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { Checkbox } from '../parts/Checkbox.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { chatWords } from '../words/chat.en.ts';
import css from './People.module.css';

/** Below that one sees all at a glance. */
const kFew = 6;

export interface PeoplePickerProps {
  readonly people: readonly Person[];
  readonly chosen: ReadonlySet<UserId>;
  readonly onChosen: (chosen: ReadonlySet<UserId>) => void;
}

export function PeoplePicker({ people, chosen, onChosen }: PeoplePickerProps) {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase('en');
  const shown = wanted === '' ? people : people.filter((person) => `${person.name} ${person.username}`.toLocaleLowerCase('en').includes(wanted));
  const toggle = (id: UserId) => (on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChosen(next);
  };
  if (people.length === 0) return <p className={css['nobody']} data-empty="members">{chatWords.nobodyToAdd}</p>;
  return (
    <>
      {people.length > kFew && <SearchField label={chatWords.searchPeople} value={query} onChange={setQuery} />}
      <fieldset className={css['group']}>
        <legend className="visually-hidden">{chatWords.membersList}</legend>
        <div className={css['choices']}>
          {shown.map((person) => (
            <Checkbox key={person.id} label={person.name} checked={chosen.has(person.id)} onChange={toggle(person.id)} className={css['choice']} data-user={person.id}>
              <Avatar id={person.id} name={person.name} src={person.avatar} size={32} />
            </Checkbox>
          ))}
        </div>
        {shown.length === 0 && <p className={css['nobody']}>{chatWords.nobodyFound(query.trim())}</p>}
      </fieldset>
    </>
  );
}
