#!/bin/sh
# From text to a Hugging Face folder: run.sh DATA START WORK MINUTES.  Can be stopped and started again at any time.
set -eu
data=$1 start=$2 work=$3 minutes=$4
here=$(dirname "$0")
mkdir -p "$work/speech"

if [ ! -e "$work/texts.txt" ]; then
    python3 "$here/texts.py" --data "$data" --out "$work/texts.txt.new" --heldout "$work/heldout.txt"
    mv "$work/texts.txt.new" "$work/texts.txt"
fi
python3 "$here/check_overlap.py" --data "$data" --texts "$work/texts.txt" --heldout "$work/heldout.txt"

speak() { # NAME TEXTS COUNT SEED VOICES: skipped if the clips exist, complete if they do
    [ -e "$work/$1.jsonl" ] && return
    python3 "$here/speak.py" --texts "$work/$2" --out "$work/$1-new" --count "$3" --seed "$4" --voices "$5"
    mv "$work/$1-new.pcm" "$work/$1.pcm"
    mv "$work/$1-new.jsonl" "$work/$1.jsonl"
}

speak heldout heldout.txt 60 3 slt:1
speak speech/few texts.txt 6000 11 slt:3,kal16:1
speak speech/more texts.txt 20000 12 slt:3,rms:2,awb:2,kal16:2,en-us:1,en-us+f2:1,gmw/en:1,gmw/en+f3:1

# few voices and short clips find the words, then all of them
OMP_WAIT_POLICY=PASSIVE
export OMP_WAIT_POLICY
early=$((minutes / 4))
[ -e "$work/few.done" ] || python3 -u "$here/train.py" --work "$work" --start "$start" --minutes "$early" \
    --voices slt,kal16 --max-seconds 6 --batch-seconds 45
touch "$work/few.done"
python3 -u "$here/train.py" --work "$work" --start "$start" --minutes "$minutes"
