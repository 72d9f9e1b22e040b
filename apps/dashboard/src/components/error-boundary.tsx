import { Button, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
  /** When it changes, the page is tried again: the path, so that another page can be opened. */
  resetKey: string;
}

interface State {
  error: unknown;
  resetKey: string;
}

/** A fault in one page leaves the rest of the dashboard usable. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error ?? new Error('unknown') };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: undefined, resetKey: props.resetKey };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Stack align="center" gap="sm" py={64} ta="center" role="alert">
        <Title order={1} size="h4">
          This page stopped working
        </Title>
        <Text c="dimmed">{error instanceof Error ? error.message : 'An unknown error.'}</Text>
        <Button onClick={() => this.setState({ error: undefined })}>Show it again</Button>
      </Stack>
    );
  }
}
