import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { ConfirmModal } from '../../components/confirm-modal';
import { analysisInWords } from '../videos/analysis-in-words';
import { useRedriveJobs } from './use-jobs';

export interface RedriveAllButtonProps {
  /** How many there are. */
  dead: number;
  type: string | undefined;
}

/** Starts all jobs again that were given up; asks first, since it may be a night's work. */
export function RedriveAllButton({ dead, type }: RedriveAllButtonProps) {
  const [asking, question] = useDisclosure(false);
  const redrive = useRedriveJobs(type);
  const jobs = dead === 1 ? 'one job' : `${dead} jobs`;
  return (
    <>
      <Button variant="default" leftSection={<IconRefresh size={17} aria-hidden />} onClick={question.open}>
        Try all given up again
      </Button>
      <ConfirmModal
        opened={asking}
        title="Try again?"
        action="Try again"
        color="indigo"
        pending={redrive.isPending}
        error={redrive.error}
        onConfirm={() => redrive.mutate(undefined, { onSuccess: question.close })}
        onClose={question.close}
      >
        {type === undefined
          ? `All attempts begin anew for ${jobs}. What made them fail should be gone.`
          : `All attempts begin anew for ${jobs} of the type ${analysisInWords(type)}. What made them fail should be gone.`}
      </ConfirmModal>
    </>
  );
}
