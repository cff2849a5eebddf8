#include "wavenet/base/rethrow_as_error.h"

#include <filesystem>
#include <new>
#include <stdexcept>

#include "wavenet/base/check.h"

namespace wavenet {

void rethrow_as_error(std::string_view doing) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    fail_as(ErrorKind::memory, "{}: out of memory", doing);
  } catch (const std::length_error&) {
    fail_as(ErrorKind::memory, "{}: out of memory", doing);
  } catch (const std::filesystem::filesystem_error& error) {
    fail_as(ErrorKind::io, "{}: {}: {}", doing, error.path1().string(), error.code().message());
  }
}

std::string message_of(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return "out of memory";
  }
  if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    return fmt::format("{}: {}", file->path1().string(), file->code().message());
  }
  return error.what();
}

}  // namespace wavenet
