#!/bin/sh
# Makes the clips of the virtual cameras anew, in the directory of this script. Needs ffmpeg with libx264 and libx265.
# A clip is one group of pictures of 250 frames: the simulator plays as many of them as the wanted key frame interval has.
set -eu
cd "$(dirname "$0")"

scene() { # size
  printf '%s' "gradients=s=$1:c0=0x31475e:c1=0x8f8672:c2=0x2c3a2e:nb_colors=3:seed=7:speed=0.00001:duration=10:rate=25,\
drawgrid=w=iw/8:h=ih/6:t=2:c=0x202020,\
drawbox=x=iw*0.08:y=ih*0.45:w=iw*0.2:h=ih*0.5:c=0x5a4a3a:t=fill,\
drawbox=x=iw*0.7:y=ih*0.3:w=iw*0.22:h=ih*0.65:c=0x44505c:t=fill[yard];\
testsrc=s=72x54:r=25:d=10[visitor];\
[yard][visitor]overlay=x='(W-w)*(0.5+0.45*sin(2*PI*t/10))':y='(H-h)*(0.5+0.4*cos(2*PI*t/5))',format=yuv420p"
}

common='-hide_banner -loglevel error -bitexact -map_metadata -1 -y'

h264() { # size, profile, B-frames, file
  # shellcheck disable=SC2086
  ffmpeg -filter_complex "$(scene "$1")" -c:v libx264 -preset veryslow -profile:v "$2" -crf 38 \
    -x264-params "keyint=infinite:scenecut=0:bframes=$3:b-adapt=0:b-pyramid=none:open-gop=0" \
    -bsf:v filter_units=remove_types=6 $common "$4"
}

h265() { # size, B-frames, file
  # shellcheck disable=SC2086
  ffmpeg -filter_complex "$(scene "$1")" -c:v libx265 -preset slow -crf 39 -tag:v hvc1 \
    -x265-params "keyint=-1:scenecut=0:bframes=$2:b-adapt=0:b-pyramid=0:open-gop=0:info=0:log-level=error" \
    -bsf:v 'filter_units=remove_types=39|40' $common "$3"
}

h264 1280x720 high 0 h264-720p.mp4
h264 1280x720 high 2 h264-720p-b.mp4
h264 640x360 baseline 0 h264-360p.mp4
h265 1280x720 0 h265-720p.mp4
h265 1280x720 2 h265-720p-b.mp4
h265 640x360 0 h265-360p.mp4

# A rising and falling tone with a beep each second.
# shellcheck disable=SC2086
ffmpeg -f lavfi -i 'sine=frequency=220:beep_factor=4:sample_rate=16000:duration=9.984' -c:a aac -b:a 16k -ac 1 \
  $common aac-16k.mp4
