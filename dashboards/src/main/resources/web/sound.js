// A short beep per grade. Off until someone switches it on: browsers allow sound only after a key or a click.

const TONES = {blue: [520], yellow: [620, 620], orange: [740, 740, 740], red: [880, 660, 880, 660]};

let context = null;

export const isOn = () => context !== null;

export function toggleSound() {
  if (context) {
    context.close();
    context = null;
  } else {
    context = new AudioContext();
    beep('blue');
  }
}

export function beep(grade) {
  if (!context) return;
  (TONES[grade] ?? TONES.blue).forEach((frequency, index) => {
    const from = context.currentTime + index * 0.22;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, from);
    gain.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, from + 0.18);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + 0.2);
  });
}
