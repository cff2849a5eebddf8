#include "wavenet/report/png.h"

#include <png.h>

#include <algorithm>

#include "wavenet/base/check.h"

namespace wavenet::report {

std::string png_of(const Picture& picture, const std::vector<Rgb>& palette) {
  check(picture.columns >= 1 && picture.rows >= 1 &&
            std::ssize(picture.pixels) == picture.columns * picture.rows,
        "png_of: {} pixels for {} x {}", picture.pixels.size(), picture.columns, picture.rows);
  check(!palette.empty() && palette.size() <= 256 &&
            *std::max_element(picture.pixels.begin(), picture.pixels.end()) < palette.size(),
        "png_of: pixels lie beyond the palette's {} colours", palette.size());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.columns);
  image.height = static_cast<png_uint_32>(picture.rows);
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = static_cast<png_uint_32>(palette.size());
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string png(size, '\0');
  const int done = png_image_write_to_memory(&image, png.data(), &size, 0, picture.pixels.data(), 0,
                                             palette.data());
  check_as(ErrorKind::memory, done != 0, "png_of: {}", std::string(image.message));
  png.resize(size);
  return png;
}

}  // namespace wavenet::report
