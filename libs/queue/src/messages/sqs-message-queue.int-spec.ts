import { type SqsPeer, startSqs } from '@camfleet/testing';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { messageQueueContract } from './message-queue.contract';
import { SqsMessageQueue } from './sqs-message-queue';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

describe('messages on SQS', () => {
  let sqs: SqsPeer;
  beforeAll(async () => {
    sqs = await startSqs();
  }, 20_000);
  afterAll(() => sqs?.[Symbol.asyncDispose]());

  const open = () => new SqsMessageQueue({ endpoint: sqs.url, region: 'us-east-1', credentials });

  messageQueueContract(open);

  it('makes a queue that is missing, with the attributes that others rely on', async () => {
    const messages = open();
    await messages.send('cvitx-video-tasks', '{}');
    await messages.close();
    const client = new SQSClient({ endpoint: sqs.url, region: 'us-east-1', credentials });
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'cvitx-video-tasks' }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    client.destroy();
    expect(Attributes).toMatchObject({
      VisibilityTimeout: '300',
      MessageRetentionPeriod: '1209600',
      ReceiveMessageWaitTimeSeconds: '10',
    });
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toEqual({
      deadLetterTargetArn: expect.stringMatching(/:cvitx-video-tasks-dlq$/),
      maxReceiveCount: 5,
    });
  });
});
