// What <belfry-call> says beyond the words of a call.
export const elementWords = {
  call: (type: string, name: string) => (type === 'video' ? `Video call with ${name}` : `Call ${name}`),
  connecting: 'Connecting…',
  hangUp: 'Hang up',
  cancel: 'Cancel call',
  mute: 'Mute',
  unmute: 'Unmute',
  cameraOff: 'Turn camera off',
  cameraOn: 'Turn camera on',
  nobody: (user: string) => `There is nobody called ${user}.`,
  refused: 'This page may not make calls here. Ask whoever runs it.',
  unreachable: 'The server cannot be reached. Try again in a moment.',
};
