export default function History() {
  return <h1>Call history</h1>;
}
