/** Of an address that is none (`page`), and of a conversation or call that is not mine (`thing`): DESIGN §17.6. */
export default function NotFound({ what = 'page' }: { readonly what?: 'page' | 'conversation' | 'call' }) {
  return <h1>{what === 'page' ? 'Page not found' : 'Not found'}</h1>;
}
