#!/bin/sh
# From text to a Hugging Face folder: run.sh DATA START WORK MINUTES.  Can be stopped and started again at any time.
set -eu
data=$1 start=$2 work=$3 minutes=$4
here=$(dirname "$0")
mkdir -p "$work/speech"

if [ ! -e "$work/texts.txt" ]; then
    python3 "$here/texts.py" --data "$data" --out "$work/texts.txt.new" --open "$work/open.txt" --heldout "$work/heldout.txt"
    mv "$work/texts.txt.new" "$work/texts.txt"
fi
keep() { # NAME COMMAND…: runs the command with --out unless the clips exist; they are complete if they do
    name=$1
    shift
    [ -e "$work/$name.jsonl" ] && return
    "$@" --out "$work/$name-new"
    mv "$work/$name-new.pcm" "$work/$name.pcm"
    mv "$work/$name-new.jsonl" "$work/$name.jsonl"
}
speak() { # NAME TEXTS COUNT SEED VOICES [PITCH]
    keep "$1" python3 "$here/speak.py" --texts "$work/$2" --count "$3" --seed "$4" --voices "$5" --pitch "${6:-0}"
}

# for measuring: trained voices, a voice of a trained engine, a voice of another engine
speak heldout heldout.txt 100 3 slt:3,rms:2,kal16:2,en-us:1
speak heldout-awb heldout.txt 60 4 awb:1
speak heldout-ked heldout.txt 60 5 ked_diphone:1
python3 "$here/folder.py" --out "$work/heldout" "trained voices=$work/heldout" "voice awb=$work/heldout-awb" \
    "festival ked=$work/heldout-ked"

men=en-us+m1:1,en-us+m3:1,en-us+m4:1,en-us+m7:1,en-us+Andy:1,en-us+adam:1,en-us+Lee:1,en-us+max:1,en-us+john:1,en-us+travis:1
women=en-us+f1:1,en-us+f2:1,en-us+f3:1,en-us+f4:1,en-us+Annie:1,en-us+linda:1,en-us+steph:1
keep speech/real python3 "$here/recordings.py" --folder "$data/speech/train" --reserved "$data/speech/dev"
python3 "$here/check_overlap.py" --data "$data" --texts "$work/texts.txt" "$work/open.txt" --heldout "$work/heldout.txt" \
    --clips "$work/speech/real.jsonl"
many="en-us:2,$men,$women,en-us+klatt4:1,gmw/en:1,gmw/en+f3:1"
speak speech/few texts.txt 5000 11 slt:2,rms:1,kal16:2
speak speech/espeak texts.txt 9000 12 "$many"
speak speech/more texts.txt 8000 13 slt:3,rms:3,kal16:2
speak speech/pitch texts.txt 12000 14 slt:3,rms:3,kal16:6 0.35
speak speech/open-espeak open.txt 12000 21 "$many"
speak speech/open open.txt 8000 22 slt:3,rms:3,kal16:3 0.2

export OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=1
# what a step frees, the next one takes again: giving it back to the system in between costs a tenth of the time
export MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=2000000000
train() {
    python3 -u "$here/train.py" --work "$work" --start "$start" --minutes "$minutes" "$@"
}
# as soon as it knows phones, the model itself says when each word of a recording was spoken
if [ ! -e "$work/aligned" ]; then
    train --stop $((minutes / 11)) --share an4_train=2
    python3 "$here/align.py" --work "$work" --start "$start" --clips "$work/speech/real"
    touch "$work/aligned"
fi
train --share an4_train=4,ljspeech=3,en-us=0.6,gmw=0.6
