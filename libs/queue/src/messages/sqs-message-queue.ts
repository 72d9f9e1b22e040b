import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  type MessageAttributeValue,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import {
  ANSWER_TIMEOUT_MS,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  MAX_RECEIVES,
  type MessageQueue,
  NEVER_DONE,
  RETENTION_SECONDS,
  type ReceivedMessage,
  type ReceiveOptions,
  VISIBILITY_SECONDS,
  WAIT_SECONDS,
  deadLetterQueue,
} from './message-queue';
import { REASON, SqsDeadLetters } from './sqs-dead-letters';

export interface SqsMessageQueueOptions {
  endpoint: string;
  region: string;
  /** Left out: as the SDK finds them (environment, profile, instance role). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** As many as one request to SQS may ask for. */
const BATCH = 10;
/** The attribute in which a message says for how long it was put aside. */
const WAITED = 'waited-seconds';

/** Messages over SQS. A queue that does not exist is made, with its dead letters. */
export class SqsMessageQueue implements MessageQueue {
  private readonly client: SQSClient;
  private readonly urls = new Map<string, Promise<string>>();

  constructor(options: SqsMessageQueueOptions) {
    // A receive waits 20 s at most.
    const requestHandler = { requestTimeout: ANSWER_TIMEOUT_MS, throwOnRequestTimeout: true };
    this.client = new SQSClient({ ...options, requestHandler });
  }

  async send(queue: string, body: string): Promise<void> {
    await this.sendAs(queue, body);
  }

  async receive(queue: string, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const { maxMessages, waitSeconds, visibilitySeconds, signal } = options;
    const QueueUrl = await this.url(queue);
    const request = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: Math.min(maxMessages, BATCH),
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      MessageAttributeNames: [WAITED],
    });
    try {
      const { Messages = [] } = await this.client.send(request, { abortSignal: signal });
      return Messages.map((message) => this.received(queue, QueueUrl, message));
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  async deadLetters(queue: string, page: DeadLetterPage): Promise<DeadLetter[]> {
    return (await this.dead(queue)).page(page);
  }

  async redrive(queue: string, isWanted: DeadLetterFilter): Promise<number> {
    return (await this.dead(queue)).redrive(isWanted, (body) => this.send(queue, body));
  }

  ready(): Promise<boolean> {
    return this.client.send(new ListQueuesCommand({ MaxResults: 1 })).then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    this.client.destroy();
    return Promise.resolve();
  }

  private async dead(queue: string): Promise<SqsDeadLetters> {
    return new SqsDeadLetters(this.client, await this.url(deadLetterQueue(queue)));
  }

  private async sendAs(
    queue: string,
    MessageBody: string,
    how: { DelaySeconds?: number; MessageAttributes?: Record<string, MessageAttributeValue> } = {},
  ): Promise<void> {
    const message = new SendMessageCommand({ QueueUrl: await this.url(queue), MessageBody, ...how });
    // All tries together.
    await this.client.send(message, { abortSignal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  }

  private received(queue: string, QueueUrl: string, message: Message): ReceivedMessage {
    const { Body = '', ReceiptHandle, Attributes, MessageAttributes } = message;
    const waitedSeconds = Number(MessageAttributes?.[WAITED]?.StringValue ?? 0) || 0;
    const remove = async () => {
      await this.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    };
    return {
      body: Body,
      receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
      extend: async (VisibilityTimeout) => {
        await this.client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
        );
      },
      waitedSeconds,
      // Another one in its place, since SQS would count a receive of this one. A crash between them makes it two.
      putAside: async (seconds) => {
        const waited = { DataType: 'Number', StringValue: String(waitedSeconds + seconds) };
        await this.sendAs(queue, Body, { DelaySeconds: seconds, MessageAttributes: { [WAITED]: waited } });
        await remove();
      },
      delete: remove,
      bury: async (reason) => {
        const text = { DataType: 'String', StringValue: reason || NEVER_DONE };
        await this.sendAs(deadLetterQueue(queue), Body, { MessageAttributes: { [REASON]: text } });
        await remove();
      },
    };
  }

  private url(queue: string): Promise<string> {
    const known = this.urls.get(queue);
    if (known) return known;
    const url = this.findOrCreate(queue);
    this.urls.set(queue, url);
    url.catch(() => this.urls.delete(queue));
    return url;
  }

  private async findOrCreate(queue: string): Promise<string> {
    try {
      return urlIn(await this.client.send(new GetQueueUrlCommand({ QueueName: queue })));
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist)) throw error;
      return this.create(queue);
    }
  }

  private async create(QueueName: string): Promise<string> {
    const Attributes: Record<string, string> = {
      VisibilityTimeout: String(VISIBILITY_SECONDS),
      MessageRetentionPeriod: String(RETENTION_SECONDS),
      ReceiveMessageWaitTimeSeconds: String(WAIT_SECONDS),
    };
    if (!QueueName.endsWith(deadLetterQueue(''))) {
      const deadLetterTargetArn = await this.arn(await this.url(deadLetterQueue(QueueName)));
      Attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVES });
    }
    return urlIn(await this.client.send(new CreateQueueCommand({ QueueName, Attributes })));
  }

  private async arn(QueueUrl: string): Promise<string | undefined> {
    const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes } = await this.client.send(request);
    return Attributes?.QueueArn;
  }
}

function urlIn({ QueueUrl }: { QueueUrl?: string }): string {
  if (!QueueUrl) throw new Error('SQS told no address of a queue.');
  return QueueUrl;
}
