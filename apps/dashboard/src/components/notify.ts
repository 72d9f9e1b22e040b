import { notifications } from '@mantine/notifications';
import { errorInWords } from '../api/api-error';

export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green' });
}

export function notifyError(title: string, error: unknown): void {
  notifications.show({ title, message: errorInWords(error), color: 'red', role: 'alert' });
}
