// What breaks in a pane stays in the pane: the rest of the page, and a call above all, go on.
import { Component, type ErrorInfo, type ReactNode } from 'react';
import * as page from '../words/page.en.ts';
import { Button } from './Button.tsx';
import css from './ErrorBoundary.module.css';

export interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** When it changes, what broke is tried anew: the path of the pane. */
  readonly about?: string | undefined;
  /** Shown instead of the sentence; null: nothing. */
  readonly instead?: ReactNode;
}

interface State {
  readonly error: unknown;
  readonly about: string | undefined;
}

const kWhole: State = { error: null, about: undefined };

export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { ...kWhole, about: this.props.about };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error ?? new Error('unknown') };
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: State): Partial<State> | null {
    return props.about === state.about ? null : { error: null, about: props.about };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error('a part of the page broke', error, info.componentStack);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    if (this.props.instead !== undefined) return this.props.instead;
    const request = requestIdOf(this.state.error);
    return (
      <div role="alert" className={css['broken']}>
        <p>{page.broken}</p>
        <Button onClick={() => window.location.reload()}>{page.reload}</Button>
        {request && <p className={css['small']}>{page.request(request)}</p>}
      </div>
    );
  }
}

function requestIdOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'requestId' in error && typeof error.requestId === 'string' ? error.requestId : null;
}
