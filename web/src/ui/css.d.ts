// A component may set CSS variables: `style={{ '--level': 0.4 }}`. React sets them through the CSSOM, which the page's CSP allows.
import 'react';

declare module 'react' {
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
