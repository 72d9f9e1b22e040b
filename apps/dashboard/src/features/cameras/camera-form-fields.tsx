import type { Camera } from '@camfleet/protocol';
import { Checkbox, Input, PasswordInput, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { isFile, isRtsp, withoutUrlPassword, type CameraFormValues } from './camera-form-values';

export interface CameraFormFieldsProps {
  form: UseFormReturnType<CameraFormValues>;
  camera: Camera | null;
}

export function CameraFormFields({ form, camera }: CameraFormFieldsProps) {
  const { url } = form.values;
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Entrance"
        data-autofocus
        required
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Address of the video"
        description="RTSP, HTTP (MJPEG, HLS, a still picture), RTMP, file: or device:"
        placeholder="rtsp://192.168.1.20/stream1"
        required
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('url')}
        onBlur={() => form.setValues(withoutUrlPassword(form.values))}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="User name" autoComplete="off" {...form.getInputProps('username')} />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          placeholder={camera?.source.hasPassword ? 'Unchanged' : ''}
          {...form.getInputProps('password')}
        />
      </SimpleGrid>
      {isRtsp(url) && (
        <Input.Wrapper label="Transport" description="TCP suits nearly every network." labelElement="div">
          <SegmentedControl
            mt={6}
            aria-label="Transport"
            data={[
              { value: 'tcp', label: 'TCP' },
              { value: 'udp', label: 'UDP' },
            ]}
            {...form.getInputProps('transport')}
          />
        </Input.Wrapper>
      )}
      {isFile(url) && (
        <Checkbox label="Begin again at the end" {...form.getInputProps('loop', { type: 'checkbox' })} />
      )}
    </>
  );
}
